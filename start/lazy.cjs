// Loaded before the program, as program.cjs says. The SDK loads with itself what writes functions down for dynamic providers,
// and the Automation API, each with a package manager of its own: most of what a program of one account does is to load them,
// and for the first a debugger is attached, which slows down every promise. Here they are loaded when they are first asked for.
const Module = require("node:module");

/** Puts in the place of a module of the SDK what loads it. */
function later(name, standIn) {
  const file = require.resolve(`@pulumi/pulumi/${name}`);
  let real;
  const load = () => {
    if (real === undefined) {
      delete require.cache[file];
      real = require(file);
    }
    return real;
  };
  const module = new Module(file);
  module.exports = standIn(load);
  module.loaded = true;
  require.cache[file] = module;
}

/** Functions that load their module when they are called. */
const functions =
  (...names) =>
  (load) =>
    Object.fromEntries(names.map((name) => [name, (...given) => load()[name](...given)]));

later("automation", (load) => new Proxy({ __esModule: true }, { get: (own, name) => own[name] ?? load()[name] }));
later("runtime/closure/serializeClosure", functions("serializeFunction", "serializeFunctionAsync"));
later("runtime/closure/codePaths", functions("computeCodePaths", "findWorkspaceRoot", "packageArchivePath"));
later("runtime/closure/v8Hooks", (load) => ({
  ...functions("getSessionAsync", "getScriptUrl")(load),
  // Asked at every start: then nothing is.
  isInitializedAsync: () => Promise.resolve(),
}));
