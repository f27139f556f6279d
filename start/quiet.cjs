// Loaded before the program, as program.cjs says. The SDK tells each step of a program in debug messages, which hold all of its
// properties in plain text, values of tokens too. The engine shows them with `--debug`, `-v`, `--json` and in the events of the
// Automation API, and notes them in its logs at each run. Whatever program loads an SDK of its own has to load this as well.
require("@pulumi/pulumi/log").debug = () => Promise.resolve();
