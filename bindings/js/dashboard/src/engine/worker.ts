// The worker: the engine, offered to the page.

import { expose } from "comlink";
import { Engine } from "./engine.ts";
import { guarded } from "./failure.ts";

expose(guarded(new Engine()));
