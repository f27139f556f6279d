// Package judge is what the judges in Go share: each step is told as ok, or as not ok with the reason.
package judge

import (
	"fmt"
	"reflect"
	"runtime/debug"
	"strings"
	"time"
)

// Introduce says who judges: a module of this program, with its version.
func Introduce(module string) {
	build, _ := debug.ReadBuildInfo()
	for _, one := range build.Deps {
		if one.Path == module {
			fmt.Println(module, one.Version)
		}
	}
}

// Step does something, and tells how it went.
func Step(what string, work func()) {
	defer func() {
		if reason := recover(); reason != nil {
			fmt.Printf("not ok %s: %s\n", what, strings.Join(strings.Fields(fmt.Sprint(reason)), " "))
			return
		}
		fmt.Println("ok", what)
	}()
	work()
}

// Done fails unless there is no error.
func Done(err error) {
	if err != nil {
		panic(err)
	}
}

// Got is what was answered, if there was no error. The second thing is the client's own record of the answer.
func Got[T, R any](value T, _ R, err error) T {
	Done(err)
	return value
}

// Made is the same for calls without such a record.
func Made[T any](value T, err error) T {
	Done(err)
	return value
}

// Same fails unless both are the same.
func Same(found, wanted any) {
	if !reflect.DeepEqual(found, wanted) {
		panic(fmt.Sprintf("%#v where %#v was expected", found, wanted))
	}
}

// Until looks again until it is so.
func Until(isSo func() bool) {
	for range 200 {
		if isSo() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	panic("it did not come about")
}
