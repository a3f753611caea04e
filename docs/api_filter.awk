# SPDX-License-Identifier: GPL-3.0-or-later
# What doxygen reads of a public header: its plain comments as documentation. A comment above something documents that,
# one behind something documents what stands before it, and the first of a file the file. The codes of a list of
# X(NAME, number, "text") become enumerators with their text; a type without a body gets an empty one, since doxygen has
# no page for a type that is declared only.

# A row of a list, kept for the place where the list is used.
/^ *X\([A-Z]/ {
    split($0, part, /\(|, |\)/)
    text = $0
    sub(/^[^"]*"/, "", text)
    sub(/".*$/, "", text)
    rows = rows part[2] " = " part[3] ", /**< " text " */\n"
}
/^ *[A-Z_]+_LIST\([A-Z_]+\)$/ {
    printf "%s", rows
    next
}
/^#pragma|SPDX-License-Identifier/ {
    print ""
    next
}
/^struct [a-z_]+;/ { sub(/;/, " {};") }
{
    at = index($0, "/*")
    if (at > 0 && !in_define) {
        before = substr($0, 1, at - 1)
        mark = before ~ /[^ ]/ ? "/**<" : seen_comment++ ? "/**" : "/** \\file\n"
        $0 = before mark substr($0, at + 2)
    }
    in_define = /\\$/
    print
}
