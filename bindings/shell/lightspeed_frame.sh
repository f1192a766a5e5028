# Frames for POSIX shells: what a script tells of itself, printed to standard output in one piece (docs/frames.md). To be sourced.
#
#     . ./lightspeed_frame.sh
#     lightspeed_frame_counter requests "$served"
#     lightspeed_frame_print
#
# lightspeed_frame_metric, _counter and _gauge take NAME VALUE [UNIT [lower|higher]]. What they refuse they say on standard error, with
# status 1; the frame is not printed then.

lightspeed_frame_metrics_='' lightspeed_frame_counters_='' lightspeed_frame_wrong_=''

# A number that stands for itself.
lightspeed_frame_metric() {
    lightspeed_frame_item_=$(lightspeed_frame_item_ '' "$@") || { lightspeed_frame_wrong_=1; return 1; }
    lightspeed_frame_metrics_=${lightspeed_frame_metrics_:+$lightspeed_frame_metrics_, }$lightspeed_frame_item_
}

# A reading of what only rises: told before and after the measured part, the rise counts.
lightspeed_frame_counter() {
    lightspeed_frame_count_ monotonic "$@"
}

# A reading of what rises and falls: the last one counts.
lightspeed_frame_gauge() {
    lightspeed_frame_count_ gauge "$@"
}

# Prints the frame on lines of its own and empties it for the next one. By awk, since the printf of some shells writes each line alone.
lightspeed_frame_print() {
    set -- "$lightspeed_frame_metrics_" "$lightspeed_frame_counters_" "$lightspeed_frame_wrong_"
    lightspeed_frame_metrics_='' lightspeed_frame_counters_='' lightspeed_frame_wrong_=''
    if [ -n "$3" ]; then
        echo "lightspeed_frame: something of this frame was refused, so it is not printed" >&2
        return 1
    fi
    LC_ALL=C awk 'BEGIN {
        print "\n--- lightspeed frame ---\n{\"metrics\": {" ARGV[1] "}, \"counters\": {" ARGV[2] "}}\n--- end of frame ---"
    }' "$1" "$2"
}

lightspeed_frame_count_() {
    lightspeed_frame_item_=$(lightspeed_frame_item_ "$@") || { lightspeed_frame_wrong_=1; return 1; }
    lightspeed_frame_counters_=${lightspeed_frame_counters_:+$lightspeed_frame_counters_, }$lightspeed_frame_item_
}

# KIND NAME VALUE [UNIT [BETTER]] as a member of a JSON object. In the locale C a character is a byte.
lightspeed_frame_item_() {
    LC_ALL=C awk '
        function refuse(why) {
            print "lightspeed_frame: " why | "cat >&2"
            close("cat >&2")
            exit 1
        }
        function is_plain(text) {
            return length(text) <= 100 && text !~ /[\001-\037\177]/ && text !~ /\302[\200-\237]/
        }
        # Some awks take for 0 what is too large.
        function is_finite(value,    most) {
            most = 1.7976931348623157e308
            if (value + 0 == 0) return value !~ /^[^eE]*[1-9]/ || value ~ /[eE]-/
            return value + 0 <= most && value + 0 >= -most
        }
        function quoted(text,    at, one, out) {
            for (at = 1; at <= length(text); at++) {
                one = substr(text, at, 1)
                out = out (one == "\"" || one == "\\" ? "\\" : "") one
            }
            return "\"" out "\""
        }
        BEGIN {
            kind = ARGV[1]; name = ARGV[2]; value = ARGV[3]; unit = ARGV[4]; better = ARGC > 5 ? ARGV[5] : "lower"
            if (name == "" || !is_plain(name)) refuse("a name must have 1 to 100 bytes and no control characters")
            if (!is_plain(unit)) refuse("a unit must have at most 100 bytes and no control characters")
            if (value !~ /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/) refuse("not a number as JSON has it: " quoted(value))
            if (!is_finite(value)) refuse("a number must be finite: " value)
            if (better != "lower" && better != "higher") refuse("what is better is lower or higher, not " quoted(better))
            tail = kind == "" ? "}" : ", \"kind\": \"" kind "\"}"
            print quoted(name) ": {\"value\": " value ", \"unit\": " quoted(unit) ", \"better\": \"" better "\"" tail
        }' "$@"
}
