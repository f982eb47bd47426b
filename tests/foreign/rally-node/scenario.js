// Works the sandbox through Broadcom's own client; prints one JSON document of what it saw.
'use strict'

const rally = require('rally')

const [server, apiKey, workspace, project] = process.argv.slice(2)
const client = rally({ server, apiKey })
const query = rally.util.query
const type = 'hierarchicalrequirement'
const scope = { workspace, project, up: false, down: true }
const seen = {}

const list = (options) => client.query({ type, scope, ...options })
const refusal = (promise) => promise.then(() => null, (error) => error.errors || [String(error)])

async function queries () {
  const nested = query.where('ScheduleState', '=', 'Defined')
    .and(query.where('PlanEstimate', '>', 3).or('Owner', '=', null))
  const found = await list({ query: nested, limit: Infinity, fetch: ['ScheduleState', 'PlanEstimate', 'Owner'] })
  seen.nested = found.Results.map((one) => [one.ScheduleState, one.PlanEstimate, one.Owner === null])
  const pages = await list({ pageSize: 40, limit: Infinity, fetch: ['FormattedID'], order: 'FormattedID' })
  seen.paged = pages.Results.map((one) => one.FormattedID)
  seen.total = pages.TotalResultCount
}

async function writes () {
  const made = (await client.create({ type, data: { Name: 'from node' }, fetch: ['FormattedID', 'Name'], scope })).Object
  seen.created = made.Name
  const updated = await client.update({ ref: made, data: { PlanEstimate: 8 }, fetch: ['PlanEstimate'] })
  seen.updated = updated.Object.PlanEstimate
  await client.add({ ref: made, collection: 'Tags', data: [{ Name: 'node-tag' }], fetch: ['Name'] })
  const tags = await client.query({ ref: `${rally.util.ref.getRelative(made)}/Tags`, fetch: ['Name'] })
  seen.tags = tags.Results.map((one) => one.Name)
  await client.remove({ ref: made, collection: 'Tags', data: [{ _ref: tags.Results[0]._ref }] })
  seen.untagged = (await client.get({ ref: made, fetch: ['Tags'] })).Object.Tags.Count
  await client.create({ type: 'conversationpost', data: { Artifact: rally.util.ref.getRelative(made), Text: 'hello' } })
  const posts = await client.query({ ref: `${rally.util.ref.getRelative(made)}/Discussion`, fetch: ['Text'] })
  seen.comments = posts.Results.map((one) => one.Text)
  return made
}

async function ranks (made) {
  const first = (await list({ pageSize: 1, limit: 1, order: 'Rank', fetch: ['Name'] })).Results[0]
  await client.update({
    ref: made,
    data: {},
    requestOptions: { qs: { rankAbove: rally.util.ref.getRelative(first) } }
  })
  seen.top = (await list({ limit: 1, order: 'Rank', fetch: ['Name'] })).Results[0].Name
}

async function errors (made) {
  await client.del({ ref: made })
  seen.gone = await refusal(client.get({ ref: made }))
  seen.parse = await refusal(list({ query: '((Name = a) AND (Name = b) AND (Name = c))' }))
  seen.type = await refusal(client.query({ type: 'iamnotarealone' }))
  seen.choice = await refusal(client.create({ type: 'defect', data: { Name: 'x', Severity: 'Awful' }, scope }))
  seen.feature = (await client.query({ type: 'portfolioitem/feature', query: '(FormattedID = F17)', fetch: ['Name'] })).Results[0]._type
}

async function main () {
  await queries()
  const made = await writes()
  await ranks(made)
  await errors(made)
  process.stdout.write(JSON.stringify(seen))
}

main().catch((error) => {
  process.stderr.write(`${error.stack || JSON.stringify(error)}\n${JSON.stringify(error.errors)}\n`)
  process.exitCode = 1
})
