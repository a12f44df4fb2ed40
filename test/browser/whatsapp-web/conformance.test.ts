import { describeEngine } from "./conformance-on-engine.ts";

describeEngine("dom");
