# awk -f match.awk EXPECTED ACTUAL: exit 0 when the texts agree, line by line.
# In EXPECTED a line "..." stands for any number of lines, a line "~ RE" for a
# line that the whole regular expression matches. Prints where they part.
FILENAME == ARGV[1] { want[++nw] = $0; next }
{ have[++nh] = $0 }

function fits(w, h) {
    if (substr(w, 1, 2) == "~ ")
        return h ~ ("^(" substr(w, 3) ")$")
    return w == h
}

END {
    # Greedy with one way back: to the last "..." seen.
    i = j = 1
    star = 0
    while (j <= nh) {
        if (i <= nw && want[i] == "...") {
            star = i++
            mark = j
        } else if (i <= nw && fits(want[i], have[j])) {
            i++
            j++
            if (j > far) { far = j; fari = i }
        } else if (star) {
            i = star + 1
            j = ++mark
        } else
            break
    }
    while (i <= nw && want[i] == "...")
        i++
    if (i > nw && j > nh)
        exit 0
    if (!far) { far = 1; fari = 1 }
    print "line " far ": expected: " (fari <= nw ? want[fari] : "(the end)")
    print "line " far ": actual:   " (far <= nh ? have[far] : "(the end)")
    exit 1
}
