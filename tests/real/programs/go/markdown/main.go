// SPDX-License-Identifier: GPL-2.0-or-later
// Renders each Markdown file named as HTML, all at once, one goroutine a file; then fills a template with what came of them.
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"html/template"
	"os"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
)

const page = `<table>{{range .}}
<tr><td>{{.Name}}</td><td>{{.Bytes}}</td><td>{{printf "%.16s" .Hash}}</td></tr>{{end}}
</table>
`

type rendered struct {
	Name  string
	Bytes int
	Hash  string
	html  []byte
	err   error
}

func render(name string) (out rendered) {
	out.Name = name
	source, err := os.ReadFile(name)
	if err != nil {
		out.err = err
		return
	}
	var html bytes.Buffer
	out.err = goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert(source, &html)
	out.html = html.Bytes()
	out.Bytes = html.Len()
	out.Hash = fmt.Sprintf("%x", sha256.Sum256(out.html))
	return
}

func main() {
	pages := make([]rendered, len(os.Args)-1)
	var all sync.WaitGroup
	for i, name := range os.Args[1:] {
		all.Add(1)
		go func(i int, name string) {
			defer all.Done()
			pages[i] = render(name)
		}(i, name)
	}
	all.Wait()
	status := 0
	for _, p := range pages {
		os.Stdout.Write(p.html)
		if p.err != nil {
			fmt.Println(p.err)
			status = 3
		}
	}
	if err := template.Must(template.New("page").Parse(page)).Execute(os.Stdout, pages); err != nil {
		panic(err)
	}
	os.Exit(status)
}
