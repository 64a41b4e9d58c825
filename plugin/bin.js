#!/usr/bin/env node
// There before anything is built, so that npm links the command when it installs a clone.
import './dist/bin.js';
