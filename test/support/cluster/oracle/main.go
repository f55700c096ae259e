// Command oracle answers, one JSON line per question, how Kubernetes itself reads a request target
// and how its own types travel as protobuf. The gateway's parsers are held against it by tests.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/go-logr/logr"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	"k8s.io/apimachinery/pkg/runtime"
	jsonserializer "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/server/filters"
	"k8s.io/klog/v2"
)

type question struct {
	Op     string          `json:"op"`
	Method string          `json:"method"`
	Target string          `json:"target"`
	Object json.RawMessage `json:"object"`
	Bytes  string          `json:"bytes"`
}

type answer struct {
	Error         string               `json:"error,omitempty"`
	Info          *request.RequestInfo `json:"info,omitempty"`
	IsLongRunning bool                 `json:"isLongRunning,omitempty"`
	Query         map[string][]string  `json:"query,omitempty"`
	Object        json.RawMessage      `json:"object,omitempty"`
	Bytes         string               `json:"bytes,omitempty"`
}

// The same prefixes and the same long-running rule as kube-apiserver's own configuration.
var (
	infos = &request.RequestInfoFactory{
		APIPrefixes:          sets.NewString("api", "apis"),
		GrouplessAPIPrefixes: sets.NewString("api"),
	}
	isLongRunning = filters.BasicLongRunningRequestCheck(
		sets.NewString("watch", "proxy"),
		sets.NewString("attach", "exec", "proxy", "log", "portforward"),
	)
	scheme     = runtime.NewScheme()
	asJSON     = jsonserializer.NewSerializerWithOptions(jsonserializer.DefaultMetaFactory, scheme, scheme, jsonserializer.SerializerOptions{Strict: true})
	asProtobuf = protobuf.NewSerializer(scheme, scheme)
)

func main() {
	// Each undecodable selector is an error to Kubernetes and an everyday question here.
	klog.SetLogger(logr.Discard())
	utilruntime.Must(authorizationv1.AddToScheme(scheme))
	utilruntime.Must(authenticationv1.AddToScheme(scheme))

	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 0, 1<<20), 1<<24)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	write := json.NewEncoder(out)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		utilruntime.Must(write.Encode(reply(asked)))
	}
}

func reply(asked question) answer {
	switch asked.Op {
	case "info":
		return readTarget(asked.Method, asked.Target)
	case "encode":
		return convert(asked.Object, asJSON, asProtobuf)
	case "decode":
		data, err := base64.StdEncoding.DecodeString(asked.Bytes)
		if err != nil {
			return answer{Error: err.Error()}
		}
		return convert(data, asProtobuf, asJSON)
	}
	return answer{Error: "unknown op " + asked.Op}
}

// readTarget goes through net/http's own reader, so the target is parsed exactly as a server parses it.
func readTarget(method, target string) answer {
	head := method + " " + target + " HTTP/1.1\r\nHost: cluster\r\n\r\n"
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader([]byte(head))))
	if err != nil {
		return answer{Error: "unreadable: " + err.Error()}
	}
	info, err := infos.NewRequestInfo(req)
	if err != nil {
		return answer{Error: "request info: " + err.Error()}
	}
	return answer{Info: info, IsLongRunning: isLongRunning(req, info), Query: req.URL.Query()}
}

func convert(data []byte, from runtime.Serializer, to runtime.Serializer) answer {
	object, _, err := from.Decode(data, nil, nil)
	if err != nil {
		return answer{Error: err.Error()}
	}
	var written bytes.Buffer
	if err := to.Encode(object, &written); err != nil {
		return answer{Error: err.Error()}
	}
	if to == runtime.Serializer(asJSON) {
		return answer{Object: bytes.TrimSpace(written.Bytes())}
	}
	return answer{Bytes: base64.StdEncoding.EncodeToString(written.Bytes())}
}
