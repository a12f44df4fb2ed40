import "bullmq";
import "commander";
import "express";
import "grammy";
import "openai";
import "pg";
import "pino";
import "../../test/stand-in.ts";
