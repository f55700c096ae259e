// Loaded into the gateway by `npm start`, before its own code: however that ends, the gateway ends
// with it. In production a service manager does this, so the gateway itself knows nothing of it.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
