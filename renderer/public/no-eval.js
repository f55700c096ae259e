// Before every schema: zod writes functions at run time where it may. Our policy forbids that, and even
// the attempt is a violation.
globalThis.__zod_globalConfig = { jitless: true }
