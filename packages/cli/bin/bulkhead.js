#!/usr/bin/env node
import { setFlagsFromString } from "node:v8";

// Room for the compiler to inline the engine's hot path; set before the engine is loaded.
setFlagsFromString("--max-inlined-bytecode-size-cumulative=3000");
await import("../dist/main.js");
