# Every row is filled up to the thousand columns of the head.
{
    printf -- '---\ntitle: A\n---\n'
    for line in a - ; do
        awk -v c="$line" 'BEGIN { for (i = 0; i < 1000; i++) printf "|%s", c; print "|" }'
    done
    awk 'BEGIN { for (i = 0; i < 50000; i++) print "|b|" }'
} >content/bang.md
