# What style.md forbids and a line can show: functions with hidden state or
# without bounds, memory that is not an arena's. Comments and strings are
# ignored.
BEGIN {
    split("strcpy strcat strtok strtok_r sprintf vsprintf gets atoi atol atof " \
          "strtod isspace isalpha isdigit isalnum isupper islower tolower " \
          "toupper strftime localtime gmtime ctime rand srand " \
          "system popen alloca", words, " ")
    for (i in words)
        banned[words[i]] = "is not used in loa (style.md)"
    split("malloc calloc realloc free strdup strndup asprintf getline", heap,
          " ")
    for (i in heap)
        memory[heap[i]] = 1
    # What a library or the kernel hands out is given back where it was got.
    memory_ok = "^src/(base/arena|base/pool|base/json|render/markdown|" \
                "cmd/serve)\\.c$"
}

{
    line = $0
    gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
    gsub(/'([^'\\]|\\.)*'/, "''", line)
    sub(/\/\/.*/, "", line)
    while (match(line, /[A-Za-z_][A-Za-z_0-9]*\(/)) {
        name = substr(line, RSTART, RLENGTH - 1)
        before = RSTART > 1 ? substr(line, RSTART - 1, 1) : ""
        line = substr(line, RSTART + RLENGTH)
        if (before == "." || before == ">")
            continue
        if (name in banned)
            complain(name " " banned[name])
        if (name in memory && FILENAME !~ memory_ok)
            complain(name ": memory comes from an arena (style.md)")
    }
}

function complain(msg) {
    print FILENAME ":" FNR ": " msg
    bad = 1
}

END { exit bad }
