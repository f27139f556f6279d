// Loaded before the program, as program.cjs says. Leaves out what the SDK makes for each resource and nobody reads: it took
// most of a program's time and memory. Who looks for a promise that leaks sets PULUMI_DEBUG_PROMISE_LEAKS, as the SDK says:
// then all is made. docs/cost.md tells what each of these saves.
const { Resource } = require("@pulumi/pulumi/resource");
const debuggable = require("@pulumi/pulumi/runtime/debuggable");
const dependencies = require("@pulumi/pulumi/runtime/dependsOn");
const rpc = require("@pulumi/pulumi/runtime/rpc");

/** An output is some twenty promises. Each property of a resource gets its own when it is first asked for. */
function outputsOnDemand() {
  const make = rpc.transferProperties;
  rpc.transferProperties = (resource, label, properties) => {
    const resolvers = {};
    for (const name of Object.keys(properties)) {
      if (name === "id" || name === "urn") continue;
      // The SDK says so of a property that is there already.
      if (Object.hasOwn(resource, name)) return make(resource, label, { [name]: undefined });
      let made;
      let answer;
      Object.defineProperty(resource, name, {
        configurable: true,
        enumerable: true,
        get() {
          delete resource[name];
          made = make(resource, label, { [name]: properties[name] })[name];
          if (answer !== undefined) made(...answer);
          return resource[name];
        },
      });
      resolvers[name] = (...given) => {
        answer = given;
        made?.(...given);
      };
    }
    return resolvers;
  };
}

/** The stack of each promise, which is shown with PULUMI_DEBUG_PROMISE_LEAKS set. That none is left at the end is watched as before. */
function noStacksOfPromises() {
  const note = debuggable.debuggablePromise;
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return note(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

/** For each property of each resource the SDK looks for what it depends on, in promises, also for those that depend on nothing. */
function noSearchAmongNothing() {
  const search = dependencies.getAllTransitivelyReferencedResourceURNs;
  dependencies.getAllTransitivelyReferencedResourceURNs = (resources, exclude) =>
    resources instanceof Set && resources.size === 0 ? new Set() : search(resources, exclude);
}

/** The line of the program that made a resource: the state would hold it, and every stack would be mapped to the sources. */
function noPositions() {
  Resource.stackTrace = () => [];
}

if (!process.env.PULUMI_DEBUG_PROMISE_LEAKS) {
  outputsOnDemand();
  noStacksOfPromises();
  noPositions();
  noSearchAmongNothing();
}
