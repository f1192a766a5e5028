module example.test/rules

go 1.24
