module lightspeed

go 1.24
