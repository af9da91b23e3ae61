#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# page.sh: prints docs/json.md, whose lists of keys come from the schemas here.
set -eu
cd "$(dirname "$0")"

cat <<'TEXT'
# JSON

Every command takes `--json`. Then standard output, or the file of `-o`, holds
exactly one JSON document and nothing else, on every exit: a result, a proven
negative, bad usage, a file that could not be read. `--help`, `--usage` and
`--version` print text all the same.

The schema of each command is a file in [schemas/](schemas/), in JSON Schema of
2020; the command-line tests check every document against it, and a key that
the schema does not have is refused. What follows is made from the schemas by
`docs/schemas/page.sh`.

A rigorous number is `{"value": "decimal", "radius": "decimal"}`: the true
value lies within radius of value. Numbers that need more digits than binary64
has are text everywhere, and so are hexadecimal floats. JSON has neither
infinities nor NaN: null stands for them.

A key keeps its meaning; new keys may come. Where the meaning of one changes,
`schema` grows.

TEXT
jq -rn '
def about: if .description then ": " + .description else "" end;
def type_of:
    if has("$ref") then .["$ref"] | sub(".*/"; "")
    elif has("anyOf") then [.anyOf[] | type_of] | join(" or ")
    elif has("const") then .const | tojson
    elif has("enum") and (has("type") | not) then .enum | map(tojson) | join(", ")
    else [.type] | flatten | join(" or ") end;
def lines($path):
    if has("properties") then .properties | to_entries[] |
        .key as $key | ($path + $key) as $full |
        .value | "- `\($full)` (\(type_of))\(about)", lines($full + ".")
    elif has("items") then
        .items | lines(($path | rtrimstr(".")) + "[].")
    else empty end;
[inputs | {name: (input_filename | rtrimstr(".json")), schema: .}] |
(map(select(.name == "common")) | .[0].schema["$defs"]) as $common |
"## Common keys\n",
"In each document:\n",
(["schema", "version", "ok", "seconds"][] | . as $key | $common[$key] |
    "- `\($key)` (\(type_of))\(about)"),
"- `command` (string): its name; null where there was none\n",
"Where it applies:\n",
(["complaints", "error", "machine"][] | . as $key | $common[$key] |
    "- `\($key)` (\(type_of))\(about)", lines($key + ".")),
"\nThings that come again and again:\n",
(["rigorous", "activation", "activations", "coordinates", "intervals"][] |
    . as $key | $common[$key] | "- \($key)\(about)", ("  " + lines(""))),
(.[] | select(.name != "common" and .name != "selfnorm") |
    "\n## \(.name)\n",
    (.schema | .properties |= del(.schema, .command, .version, .ok, .seconds,
        .complaints, .error) | lines("")))' *.json | awk '
    { # lines of 80, what goes on two columns in
        while (length($0) > 80) {
            n = 80
            while (n > 20 && substr($0, n, 1) != " ")
                n--
            print substr($0, 1, n - 1)
            $0 = "  " substr($0, n + 1)
        }
        print
    }'
