// What Electron's own default app does, for a distribution that has none: it starts the app whose
// folder is the first argument without a dash. Before that it gives this old Electron what came later.
'use strict'

const { app } = require('electron')
const { readFileSync } = require('node:fs')
const path = require('node:path')

if (process.argv.includes('--version')) {
  process.stdout.write(`v${process.versions.electron}\n`)
  process.exit(0)
}

const given = process.argv.slice(1).find((it) => !it.startsWith('-'))
if (given === undefined) {
  process.stderr.write('usage: electron <folder of an app>\n')
  process.exit(1)
}

const folder = path.resolve(given)
const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
process.defaultApp = true
app.setAppPath(folder)
app.setName(manifest.productName ?? manifest.name)
app.setVersion(manifest.version)
if (!app.commandLine.hasSwitch('user-data-dir'))
  app.setPath('userData', path.join(app.getPath('appData'), app.name))

require('./later.cjs')
require(path.join(folder, manifest.main))
