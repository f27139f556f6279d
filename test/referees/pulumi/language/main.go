// A language host for Node.js: starts the SDK's own cmd/run on a project's program, as the sandbox's engine does, and nothing
// else. The Pulumi CLI's own host is in no module of Go. Provider folders bring executables of their own, so plugins need none.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// By this exit code the SDK says that it has told what went wrong.
const told = 32

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	// Where the engine hears what the program has to say.
	engine string
}

func (*host) Handshake(
	context.Context, *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (*host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{}, nil
}

// None: Pulumi.yaml says where the providers are.
func (*host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) Run(ctx context.Context, asked *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	sdk, err := installed(asked.Info.ProgramDirectory)
	if err != nil {
		return nil, err
	}
	environment, err := environment(asked)
	if err != nil {
		return nil, err
	}
	program := exec.CommandContext(ctx, "node", h.arguments(asked, sdk)...)
	program.Dir, program.Env = asked.Pwd, environment
	program.Stdout, program.Stderr = os.Stdout, os.Stderr
	return verdict(program.Run())
}

func (h *host) arguments(asked *pulumirpc.RunRequest, sdk string) []string {
	node := strings.Fields(asked.Info.Options.GetFields()["nodeargs"].GetStringValue())
	arguments := append(node, sdk,
		"--monitor", asked.MonitorAddress, "--engine", h.engine, "--organization", asked.Organization,
		"--project", asked.Project, "--stack", asked.Stack, "--parallel", strconv.Itoa(int(asked.Parallel)),
		"--root-directory", asked.Info.RootDirectory, "--pwd", asked.Pwd)
	if asked.DryRun {
		arguments = append(arguments, "--dry-run")
	}
	return append(append(arguments, asked.Info.EntryPoint), asked.Args...)
}

func environment(asked *pulumirpc.RunRequest) ([]string, error) {
	config, err := json.Marshal(asked.Config)
	if err != nil {
		return nil, err
	}
	secrets, err := json.Marshal(asked.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}
	all := append(os.Environ(), "PULUMI_CONFIG="+string(config), "PULUMI_CONFIG_SECRET_KEYS="+string(secrets))
	options := asked.Info.Options.GetFields()
	if typescript, ok := options["typescript"]; !ok || typescript.GetBoolValue() {
		all = append(all, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if tsconfig := options["tsconfig"].GetStringValue(); tsconfig != "" {
		all = append(all, "PULUMI_NODEJS_TSCONFIG_PATH="+tsconfig)
	}
	return all, nil
}

func verdict(err error) (*pulumirpc.RunResponse, error) {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == told:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("Program exited with non-zero exit code: %d", exit.ExitCode())}, nil
	default:
		return nil, err
	}
}

// The SDK that a program finds: the nearest one, from its folder upwards.
func installed(folder string) (string, error) {
	for ; ; folder = filepath.Dir(folder) {
		sdk := filepath.Join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run", "index.js")
		if _, err := os.Stat(sdk); err == nil {
			return sdk, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("the program has no @pulumi/pulumi: run npm ci")
		}
	}
}

func main() {
	engine := os.Args[len(os.Args)-1]
	serving, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &host{engine: engine})
			return nil
		},
		Options: rpcutil.OpenTracingServerInterceptorOptions(nil),
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// An engine that was killed says nothing: what it started ends with it.
	err = rpcutil.Healthcheck(context.Background(), engine, time.Second, func() { os.Exit(1) })
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(serving.Port)
	if err := <-serving.Done; err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
