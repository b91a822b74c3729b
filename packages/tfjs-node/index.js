"use strict";
// danfojs-node asks for this package by name; one TensorFlow.js must serve it and relu-lab alike.
module.exports = require("relu-lab/runtime").tensorflow();
