import { serve } from "../../../../providers/host/serve";
import { provider } from "./provider";

serve(provider);
