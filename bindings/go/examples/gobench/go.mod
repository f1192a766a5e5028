module lightspeed/examples/gobench

go 1.24.0

require (
	golang.org/x/perf v0.0.0-20250813145418-2f7363a06fe1
	golang.org/x/term v0.34.0
	lightspeed v0.0.0
)

require (
	github.com/aclements/go-moremath v0.0.0-20210112150236-f10218a38794 // indirect
	golang.org/x/sys v0.35.0 // indirect
)

replace lightspeed => ../..
