import * as pulumi from "@pulumi/pulumi";
import { engineAddressOf, provider } from "./provider";

void pulumi.provider.main(provider, engineAddressOf(process.argv.slice(2)));
