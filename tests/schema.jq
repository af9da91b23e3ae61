# SPDX-License-Identifier: GPL-3.0-or-later
# schema.jq: standard input is one document of selfnorm; $schemas[0] holds
# docs/schemas/ by file name.  Prints each place that its command's schema does
# not allow, nothing where all is well.  Of JSON Schema it knows what is used
# there; another keyword is an error, so that none is ignored.

def known: ["$schema", "title", "description", "$defs", "$ref", "type",
    "properties", "required", "additionalProperties", "items", "enum",
    "const", "anyOf"];

def is_of($wanted): # a parameter called $type would hide type
    if $wanted == "integer" then type == "number" and . == floor
    else type == $wanted end;

def faults($schema; $file; $path):
    . as $value |
    ($schema | keys - known | .[] | "\($path): schema keyword \(.) unknown"),
    if $schema | has("$ref") then
        ($schema["$ref"] | capture("^(?<file>[^#]*)#/\\$defs/(?<name>.*)$"))
            as $at |
        (if $at.file == "" then $file else $at.file end) as $other |
        ($schemas[0][$other]["$defs"][$at.name] //
            error("no \($schema["$ref"])")) as $inner |
        faults($inner; $other; $path)
    else empty end,
    if $schema | has("type") then
        [$schema.type] | flatten |
        if any(.[]; . as $wanted | $value | is_of($wanted)) then empty
        else "\($path): \($value | type), not \(join(" or "))" end
    else empty end,
    if ($schema | has("const")) and $value != $schema.const then
        "\($path): \($value), not \($schema.const)"
    else empty end,
    if $schema | has("enum") then
        if any($schema.enum[]; . == $value) then empty
        else "\($path): \($value), not one of \($schema.enum)" end
    else empty end,
    if $schema | has("anyOf") then
        [$schema.anyOf[] as $one | [$value | faults($one; $file; $path)]] |
        if any(.[]; length == 0) then empty
        else "\($path): none of what it may be: \(min_by(length))" end
    else empty end,
    if type == "object" then
        (($schema.required // [])[] | select(. as $key | $value | has($key) |
            not) | "\($path): no \(.)"),
        (to_entries[] | .key as $key |
            if $schema.properties // {} | has($key) then
                .value | faults($schema.properties[$key]; $file;
                    "\($path).\($key)")
            elif $schema.additionalProperties == false then
                "\($path).\($key): not in the schema"
            elif ($schema.additionalProperties | type) == "object" then
                .value | faults($schema.additionalProperties; $file;
                    "\($path).\($key)")
            else empty end)
    elif type == "array" and ($schema | has("items")) then
        to_entries[] | .key as $i |
            .value | faults($schema.items; $file; "\($path)[\($i)]")
    else empty end;

(.command // "selfnorm") as $command |
"\($command).json" as $file |
if $schemas[0] | has($file) then
    faults($schemas[0][$file]; $file; $command)
else "no schema of \($command)" end
