//go:build tools

// SPDX-License-Identifier: GPL-2.0-or-later
// Programs of others that prepare builds from this module, so that go.sum pins them.
package tools

import (
	_ "github.com/client9/misspell/cmd/misspell"
	_ "mvdan.cc/sh/v3/cmd/shfmt"
)
