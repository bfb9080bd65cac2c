/** What people are told of; each can be switched off by whoever does not want it. */
import { noticeKinds } from '../../model/notices.js'

export const toldKinds = [...noticeKinds, 'message'] as const
