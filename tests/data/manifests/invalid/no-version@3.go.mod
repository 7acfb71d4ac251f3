module x
require (
	oneiric
)
