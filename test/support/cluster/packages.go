//go:build tools

// Package cluster keeps the packages that are compiled as test programs in go.sum.
package cluster

import _ "k8s.io/kubernetes/test/e2e"
