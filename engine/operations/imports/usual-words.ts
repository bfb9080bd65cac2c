/** What people write above columns. Data only: a word that is missing is added to its line. */

/** Words that mean the same, each line about one thing. A field that is called by one of them is found by all. */
export const sameWords: readonly (readonly string[])[] = [
  ['name', 'full name', 'customer name', '姓名', '名字', '名称', '全名', '姓名全称'],
  ['e-mail', 'mail', 'e-mail address', 'mail address', '电子邮箱', '电子邮件', '邮箱', '邮件', '电邮', '邮箱地址', '邮件地址', '电子邮件地址'],
  ['phone', 'mobile', 'cell', 'telephone', 'tel', 'mobile phone', 'cell phone', 'phone number', 'mobile number', '电话', '手机', '手机号', '手机号码', '电话号码', '移动电话', '联系方式', '联系电话'],
  ['birthday', 'date of birth', 'birth date', 'dob', '生日', '出生日期', '出生年月', '出生年月日'],
  ['gender', 'sex', '性别'],
  ['address', 'street address', '地址', '住址', '家庭地址', '家庭住址', '联系地址', '通讯地址', '通信地址', '详细地址'],
  ['city', 'town', '城市', '市', '所在城市', '所在地'],
  ['region', 'area', '区域', '大区', '片区', '地区'],
  ['postal code', 'zip', 'zip code', 'postcode', '邮政编码', '邮编'],
  ['country', '国家', '国别'],
  ['tier', 'level', 'grade', '等级', '级别', '会员级别', '会员等级', '层级'],
  ['store', 'shop', 'branch', '门店', '店铺', '店', '商店', '分店'],
  ['member since', 'joined on', 'join date', 'sign-up date', '入会日期', '入会时间', '注册日期', '注册时间', '加入日期', '加入时间'],
  ['card', 'card number', 'loyalty card', '会员卡', '卡号', '会员卡号'],
  ['language', 'preferred language', '语言', '首选语言', '语种'],
  ['tags', 'labels', '标签'],
  ['notes', 'note', 'remarks', 'comment', 'comments', '备注', '说明', '附注'],
  ['price', 'unit price', '价格', '单价', '售价'],
  ['amount', 'total', '金额', '总额', '合计', '总金额'],
  ['quantity', 'qty', '数量', '件数'],
  ['category', '品类', '类别', '分类'],
  ['barcode', 'gtin', 'ean', 'upc', '条码', '条形码'],
]

/** Words that may stand around a name and change nothing of what it says. */
export const idleWords = {
  before: ['所属', '所在', '归属', '常用', '主要', '首选', '本人', '客户', '顾客', '用户', '会员', 'customer', 'client', 'your', 'main', 'home', 'primary'],
  after: ['必填', '选填', '号码', '信息', 'required', 'optional'],
} as const
