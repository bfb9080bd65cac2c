/** Titles of the system fields and of what is generated, in the languages that the product speaks besides English. */
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
  },
}
