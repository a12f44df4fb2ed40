import "../../src/core/cycle-a.ts";
