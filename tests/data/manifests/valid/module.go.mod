module example.org/eco/gone/v2

go 1.22

require example.org/eco/oneiric v1.4.0

require (
	example.org/eco/acb v0.3.1 // direct
	example.org/eco/far v1.0.0 // indirect
	"example.org/eco/quoted" v0.0.0-20240101000000-abcdefabcdef
)

replace example.org/eco/acb => ../acb
