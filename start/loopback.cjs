// gRPC takes the system's proxy for connections on this machine as well, unless it is told not to: then engine, program and
// providers cannot reach each other. No proxy of a company could pass them on.
const local = ["127.0.0.1", "localhost"];
const { no_grpc_proxy: own, no_proxy: general = "" } = process.env;
process.env.no_grpc_proxy = [...new Set([...(own ?? general).split(",").map((name) => name.trim()), ...local])]
  .filter(Boolean)
  .join(",");
