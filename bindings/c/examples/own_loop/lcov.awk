# What `gcov --stdout` prints -> a tracefile of lcov.
{ split($0, part, ":"); count = part[1]; gsub(/[ *]/, "", count); line = part[2] + 0 }
line == 0 && part[3] == "Source" { if (open) print "end_of_record"; print "SF:" part[4]; open = 1 }
line > 0 && count != "-" { print "DA:" line "," (count ~ /^[#=]/ ? 0 : count + 0) }
END { if (open) print "end_of_record" }
