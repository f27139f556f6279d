export { type Answer, Api, type ApiOptions, type Method, type RequestOptions } from "./api";
export {
  AmbiguousCredential,
  ApiError,
  Conflict,
  Forbidden,
  MissingCredential,
  mayHaveHappened,
  NotFound,
  RateLimited,
  Refused,
  ServerFault,
  StrangeAnswer,
  Unauthorized,
  Unreachable,
  UnusableEnvironment,
} from "./errors";
export { type Traced, trace } from "./trace";
export { transportFaults } from "./transport";
