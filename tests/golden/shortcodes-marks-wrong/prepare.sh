# What is too large to keep here.
big() {
    printf -- '---\ntitle: A\n---\n' >"content/$1.md"
    awk -v n="$2" -v s="$3" 'BEGIN { for (i = 0; i < n; i++) printf "%s", s }' >>"content/$1.md"
}
big rat-nhieu 10500 '{{< hr >}}
'
big anh 11000 '![a](a.jpg)
'
big dai 300000 'a '
big rat-dai 600000 'a '
for name in dong lon; do
    mkdir -p "content/csv-$name"
    printf -- '---\ntitle: A\n---\n{{< table src="b.csv" caption="C" >}}\n' >"content/csv-$name/index.md"
done
awk 'BEGIN { for (i = 0; i < 20010; i++) print "a" }' >content/csv-dong/b.csv
awk 'BEGIN { for (i = 0; i < 300000; i++) print "abc" }' >content/csv-lon/b.csv
