// SPDX-License-Identifier: GPL-2.0-or-later
module lstar/real

go 1.19

require (
	github.com/client9/misspell v0.3.4
	github.com/yuin/goldmark v1.5.6
	mvdan.cc/sh/v3 v3.6.0
)

require (
	github.com/google/renameio/v2 v2.0.0 // indirect
	github.com/pkg/diff v0.0.0-20210226163009-20ebb0f2a09e // indirect
	golang.org/x/sys v0.3.0 // indirect
	golang.org/x/term v0.3.0 // indirect
	mvdan.cc/editorconfig v0.2.0 // indirect
)
