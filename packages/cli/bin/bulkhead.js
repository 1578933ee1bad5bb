#!/usr/bin/env -S node --max-semi-space-size=64
// A node hands on megabytes of results a second: with room for them they are collected by the dozen, not one by one.
import { setFlagsFromString } from "node:v8";

// Room for the compiler to inline the engine's hot path; set before the engine is loaded.
setFlagsFromString("--max-inlined-bytecode-size-cumulative=3000");
await import("../dist/main.js");
