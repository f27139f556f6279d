export { type Answer, Api, type ApiOptions, type Method, type RequestOptions } from "./api";
export {
  ApiError,
  Conflict,
  Forbidden,
  MissingCredential,
  mayHaveHappened,
  NotFound,
  RateLimited,
  Refused,
  ServerFault,
  Unauthorized,
  Unreachable,
} from "./errors";
