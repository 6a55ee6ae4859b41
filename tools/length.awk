# No function over 60 lines, save one flat switch; a file over 600 lines is
# mentioned. Relies on clang-format: a function's body begins with a line that
# ends in "{" and ends with "}" in the first column.
#
# The longest switch that stands directly in the function is not counted when
# nothing in it loops: a table in the shape of code.
FNR == 1 {
    mention()
    file = FILENAME
    inside = 0
}

{ lines = FNR }

!inside && /^[A-Za-z_].*[)] \{$/ || !inside && /^ .*[)] \{$/ && head != "" {
    inside = 1
    start = FNR
    name = (/^[A-Za-z_]/ ? $0 : head)
    spared = best = 0
    next
}

!inside { head = /^[A-Za-z_].*\(/ ? $0 : /^ / ? head : "" }

inside && /^    switch \(/ {
    from = FNR
    loops = 0
}
inside && from && /^ +(for|while|do) [({]/ { loops = 1 }
inside && from && /^    }$/ {
    if (!loops && FNR - from > best)
        best = FNR - from
    from = 0
}

inside && /^}/ {
    inside = from = 0
    n = FNR - start - 1 - best
    if (n > 60) {
        sub(/\(.*/, "", name)
        sub(/.*[ *]/, "", name)
        print FILENAME ":" start ": " name " has " n " lines, 60 is the limit"
        bad = 1
    }
    head = ""
}

function mention() {
    if (file != "" && lines > 600)
        print file ": warning: " lines " lines; think of splitting it"
}

END {
    mention()
    exit bad
}
