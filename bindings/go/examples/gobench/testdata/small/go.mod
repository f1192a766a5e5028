module example.test/small

go 1.24

require example.test/rules v0.0.0

replace example.test/rules => ./rules
