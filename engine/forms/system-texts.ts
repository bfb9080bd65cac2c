/** What the engine itself says to people, in the languages that the product speaks besides English: titles of the system fields, and messages. */
export const systemTexts: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  zh: {
    id: '编号',
    version: '版本',
    createdAt: '创建时间',
    createdBy: '创建人',
    updatedAt: '修改时间',
    updatedBy: '修改人',
    owner: '负责人',
    archivedAt: '归档时间',
    'webhook.gone': 'Webhook“{name}”已暂停：对方表示该地址已不再使用。',
    'workflow.failed': '流程“{name}”运行失败。请在“工作室 › 流程 › 运行”中查看位置和原因。',
    'webhook.failing': 'Webhook“{name}”已暂停：三天来没有任何消息送达。',
  },
}
