import { serve } from "../host/serve";
import { provider } from "./provider";

serve(provider);
