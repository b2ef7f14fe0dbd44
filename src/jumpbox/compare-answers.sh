# Compares a model's answer with the expected one where it arrived, because an answer may have any size and only 4,096 bytes come back.
# shellcheck shell=bash disable=SC2154

# Reads both answers with numbers as strings that begin with "#", and strings as strings that begin with "$": what a number looked like
# would be lost in jq's 64-bit floats. Prints the verdict. Parameters are bound by hand: not every jq has `def f($x)`.
# shellcheck disable=SC2016 # the program is jq's: nothing in it is the shell's
compare_program='
def is_number: type == "string" and startswith("#");
def is_text: type == "string" and startswith("$");
def number: .[1:] | tonumber;
def magnitude: if . < 0 then 0 - . else . end;
def is_integer: test("^#-?[0-9]+$");
def cut: if length > 120 then .[:119] + "…" else . end;
def shown:
  if is_number then .[1:]
  elif is_text then .[1:] | tojson
  elif type == "array" then "an array of \(length) items"
  elif type == "object" then "an object with the members " + (keys_unsorted | map(.[1:]) | .[:9] | join(", "))
  else tojson end | cut;
def same_number(e; a): e as $e | a as $a |
  if $e == $a then true
  else ($e | number) as $x | ($a | number) as $y | ($x - $y | magnitude) as $distance |
    (if ($e | is_integer) and ($a | is_integer) then 0 else $relative * ($x | magnitude) end) as $allowed |
    if $distance == 0 then ($x | magnitude) < 9007199254740992 or ($e | is_integer | not) or ($a | is_integer | not)
    else $distance > 0 and $distance < 1e308 and $distance <= ([$allowed, $absolute] | max) end
  end;
def member: .[1:] | if test("^[A-Za-z_][A-Za-z0-9_]*$") then "." + . else "[" + tojson + "]" end;
def differs(e; a): e as $e | a as $a | {path: "", expected: ($e | shown), actual: ($a | shown)};
def first_difference(e; a): e as $e | a as $a |
  if ($e | type) == "array" and ($a | type) == "array" then
    if ($e | length) != ($a | length) then differs($e; $a)
    else first(range($e | length) as $i | select($e[$i] != $a[$i]) | first_difference($e[$i]; $a[$i]) | .path = "[\($i)]" + .path) end
  elif ($e | type) == "object" and ($a | type) == "object" then
    first(
      (($e | keys_unsorted[]) as $k |
        if $a | has($k) then first_difference($e[$k]; $a[$k]) | .path = ($k | member) + .path
        else {path: ($k | member), expected: ($e[$k] | shown), actual: "no such member"} end),
      (($a | keys_unsorted[]) as $k | select($e | has($k) | not) |
        {path: ($k | member), expected: "no such member", actual: ($a[$k] | shown)}))
  elif ($e | is_number) and ($a | is_number) then if same_number($e; $a) then empty else differs($e; $a) end
  elif $e == $a then empty
  else differs($e; $a) end;
def alike(e; a): e as $e | a as $a | [first_difference($e; $a)] == [];
def holds_json: .[1:] | try (fromjson | true) catch false;
def error_member: .[1:] | ascii_downcase | IN("error", "errors", "exception", "message", "detail", "traceback");
def verdict(e; a; difference): e as $e | a as $a | difference as $difference |
  if ($a | is_text) and ($e | is_text | not) then {verdict: (if $a | holds_json then "jsonInString" else "errorText" end)}
  elif ($a | type) == "object" and ([$a | keys_unsorted[] as $k | select(alike($e; $a[$k]))] != []) then
    {verdict: "envelope", member: (first($a | keys_unsorted[] as $k | select(alike($e; $a[$k])) | $k)[1:] | cut)}
  elif ($e | type) == "object" and ([$e | keys_unsorted[] as $k | select(alike($e[$k]; $a))] != []) then
    {verdict: "noEnvelope", member: (first($e | keys_unsorted[] as $k | select(alike($e[$k]; $a)) | $k)[1:] | cut)}
  elif ($a | type) == "object" and ([$a | keys_unsorted[] as $k | select($k | error_member) |
      select(($e | type) != "object" or ($e | has($k) | not))] != []) then {verdict: "errorText"}
  else {verdict: "differs"} + $difference + {path: ("$" + $difference.path | cut)} end;
if ($expected | length) != 1 then {verdict: "otherBytes"}
elif ($actual | length) != 1 then {verdict: "notJson"}
else [first_difference($expected[0]; $actual[0])] as $found |
  if $found == [] then {verdict: "alike"} else verdict($expected[0]; $actual[0]; $found[0]) end end
'

# split_strings FILE: the JSON text with every string on a line of its own.
split_strings() {
  LC_ALL=C sed -E 's/"[^"\\]*(\\.[^"\\]*)*"/\n&\n/g' "$1"
}

# mark_values: marks strings and numbers in what split_strings prints. What is no JSON number stays behind and is no JSON then.
mark_values() {
  LC_ALL=C sed -E 's/^"/"$/; /^"\$/!s/-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/"#&"/g'
}

# The first number in a text that JSON does not have, as Python and R write it; nothing when there is none.
non_finite() {
  split_strings "$1" | grep -v '^"' | grep -oE -e '-?(NaN|nan|Infinity|inf|Inf)' | sed -n 1p || true
}

# read_answer FILE NAME: writes $work/NAME.json, the JSON values in a file: one, or none when it is no JSON. jq alone would take NaN.
read_answer() {
  if [[ -n $(non_finite "$1") ]] || ! split_strings "$1" | mark_values | jq -c . >"$work/$2.json" 2>/dev/null; then
    : >"$work/$2.json"
  fi
}

hash_of() {
  sha256sum <"$1" | cut -c1-64
}

# compare_answers EXPECTED ACTUAL RELATIVE ABSOLUTE: prints the verdict on two files as JSON. Numbers are alike within the tolerances;
# two integers only within the absolute one. An expected answer that is no JSON is compared byte by byte.
compare_answers() {
  local number
  if [[ $(hash_of "$1") == "$(hash_of "$2")" ]]; then
    printf '{"verdict":"alike"}'
    return
  fi
  read_answer "$1" expected
  read_answer "$2" actual
  number=$(non_finite "$2")
  if [[ -s $work/expected.json && ! -s $work/actual.json && -n $number ]]; then
    printf '{"verdict":"notFinite","number":"%s"}' "$number"
    return
  fi
  jq -cn --slurpfile expected "$work/expected.json" --slurpfile actual "$work/actual.json" \
    --argjson relative "$3" --argjson absolute "$4" "$compare_program"
}
