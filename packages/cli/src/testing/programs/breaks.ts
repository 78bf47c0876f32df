// Breaks before it submits anything.
throw new TypeError("broken before the first submit");
