// Serves gRPC and logs "METHOD number code" of each call; once its input has ended it calls itself and ends: grpc.go PORT LOG CALLS.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strconv"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// bytesOnly passes messages on as they are.
type bytesOnly struct{}

func (bytesOnly) Marshal(v interface{}) ([]byte, error)      { return *v.(*[]byte), nil }
func (bytesOnly) Unmarshal(data []byte, v interface{}) error { *v.(*[]byte) = data; return nil }
func (bytesOnly) Name() string                               { return "raw" }

var answers = []codes.Code{codes.OK, codes.NotFound, codes.OK, codes.Internal}
var names = map[codes.Code]string{codes.OK: "OK", codes.NotFound: "NOT_FOUND", codes.Internal: "INTERNAL"}
var lock sync.Mutex
var file *os.File

func answer(ctx context.Context, method string, in []byte) error {
	given, _ := metadata.FromIncomingContext(ctx)
	code := answers[in[0]]
	lock.Lock()
	fmt.Fprintf(file, "shop.v1.Orders/%s %s %s\n", method, given.Get("x-number")[0], names[code])
	lock.Unlock()
	return status.Error(code, "as asked")
}

func get(_ interface{}, ctx context.Context, decode func(interface{}) error, _ grpc.UnaryServerInterceptor) (interface{}, error) {
	var in []byte
	if err := decode(&in); err != nil {
		return nil, err
	}
	if err := answer(ctx, "Get", in); err != nil {
		return nil, err
	}
	out := make([]byte, 3000)
	return &out, nil
}

func list(_ interface{}, stream grpc.ServerStream) error {
	var in []byte
	if err := stream.RecvMsg(&in); err != nil {
		return err
	}
	if err := answer(stream.Context(), "List", in); err != nil {
		return err
	}
	out := make([]byte, 3000)
	for i := 0; i < 5; i++ {
		if err := stream.SendMsg(&out); err != nil {
			return err
		}
	}
	return nil
}

func ask(connection *grpc.ClientConn, i int) {
	ctx := metadata.AppendToOutgoingContext(context.Background(), "x-number", strconv.Itoa(i))
	in := []byte{byte(i % len(answers)), 1, 2, 3}
	var out []byte
	if i%5 != 0 {
		connection.Invoke(ctx, "/shop.v1.Orders/Get", &in, &out) // a part of the calls is to fail
		return
	}
	stream, err := connection.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, "/shop.v1.Orders/List")
	if err != nil {
		log.Fatal(err)
	}
	stream.SendMsg(&in)
	stream.CloseSend()
	for err == nil {
		err = stream.RecvMsg(&out)
	}
}

func main() {
	encoding.RegisterCodec(bytesOnly{})
	var err error
	if file, err = os.Create(os.Args[2]); err != nil {
		log.Fatal(err)
	}
	calls, _ := strconv.Atoi(os.Args[3])
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "shop.v1.Orders",
		HandlerType: (*interface{})(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Get", Handler: get}},
		Streams:     []grpc.StreamDesc{{StreamName: "List", Handler: list, ServerStreams: true}},
	}, struct{}{})
	go server.Serve(listener)
	io.Copy(io.Discard, os.Stdin)
	var all sync.WaitGroup
	for worker := 0; worker < 8; worker++ {
		connection, err := grpc.Dial("127.0.0.1:"+os.Args[1], grpc.WithInsecure(), grpc.WithBlock(),
			grpc.WithDefaultCallOptions(grpc.CallContentSubtype("raw")))
		if err != nil {
			log.Fatal(err)
		}
		all.Add(1)
		go func(worker int) {
			defer all.Done()
			for i := worker; i < calls; i += 8 {
				ask(connection, i)
			}
			connection.Close()
		}(worker)
	}
	all.Wait()
	server.GracefulStop()
}
