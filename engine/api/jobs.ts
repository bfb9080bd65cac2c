/** `/api/jobs`: work in the background, for those who began it and for administrators. */
import { Problem } from '../errors.js'
import { cancelJob, getJob, listJobs, resumeJob } from '../operations/jobs/jobs.js'
import { onlyMembers } from './body.js'
import type { ApiRequest, Route } from './handler.js'
import { onlyParameters } from './query.js'

export const jobRoutes: readonly Route[] = [
  {
    method: 'GET', path: '/api/jobs',
    async handle({ call, query }) {
      onlyParameters(query, new Set())
      return { status: 200, body: { jobs: await listJobs(call) } }
    },
  },
  { method: 'GET', path: '/api/jobs/:id', handle: async (request) => ({ status: 200, body: await getJob(request.call, idOf(request)) }) },
  {
    method: 'POST', path: '/api/jobs/:id/cancel',
    async handle(request) {
      onlyMembers(request.body)
      return { status: 200, body: await cancelJob(request.call, idOf(request)) }
    },
  },
  {
    method: 'POST', path: '/api/jobs/:id/resume',
    async handle(request) {
      onlyMembers(request.body)
      return { status: 200, body: await resumeJob(request.call, idOf(request)) }
    },
  },
]

function idOf({ params, query }: ApiRequest): number {
  onlyParameters(query, new Set())
  const id = params['id'] ?? ''
  if (!/^[1-9]\d{0,14}$/.test(id)) throw new Problem('job.unavailable')
  return Number(id)
}
