/** Word lists that the sample's people, places and contacts are made of. Written for this sample; any likeness is chance. */

interface Name {
  readonly written: string
  /** In Latin letters, for e-mail addresses. */
  readonly latin: string
}

type Names = readonly [Name, ...Name[]]
type Words = readonly [string, ...string[]]

const plain = (first: string, ...rest: readonly string[]): Names => [{ written: first, latin: first.toLowerCase() }, ...rest.map((word) => ({ written: word, latin: word.toLowerCase() }))]
const paired = (first: readonly [string, string], ...rest: readonly (readonly [string, string])[]): Names => {
  const name = ([written, latin]: readonly [string, string]): Name => ({ written, latin })
  return [name(first), ...rest.map(name)]
}

export const english = {
  female: plain('Abigail', 'Alice', 'Amelia', 'Beth', 'Carol', 'Clara', 'Diana', 'Edith', 'Ella', 'Emma', 'Fiona', 'Grace', 'Hannah', 'Helen', 'Irene', 'Jane', 'Julia', 'Karen', 'Laura', 'Lucy', 'Maria', 'Nora', 'Olivia', 'Paula', 'Rachel', 'Rose', 'Sarah', 'Sophie', 'Teresa', 'Wendy'),
  male: plain('Aaron', 'Adam', 'Albert', 'Ben', 'Carl', 'Daniel', 'David', 'Edgar', 'Eric', 'Frank', 'George', 'Harry', 'Henry', 'Ivan', 'Jack', 'James', 'John', 'Kevin', 'Leo', 'Louis', 'Mark', 'Martin', 'Nathan', 'Oscar', 'Paul', 'Peter', 'Robert', 'Simon', 'Thomas', 'Walter'),
  family: plain('Adams', 'Baker', 'Barnes', 'Bennett', 'Brooks', 'Carter', 'Clarke', 'Cole', 'Cooper', 'Davis', 'Ellis', 'Evans', 'Fisher', 'Foster', 'Garcia', 'Gray', 'Green', 'Hall', 'Harris', 'Hayes', 'Hill', 'Hughes', 'Jensen', 'Kelly', 'King', 'Lewis', 'Lopez', 'Marsh', 'Miller', 'Moore', 'Murphy', 'Nelson', 'Owens', 'Parker', 'Price', 'Reed', 'Rivera', 'Scott', 'Shaw', 'Stone', 'Turner', 'Walsh', 'Ward', 'Webb', 'Wells', 'Woods', 'Young'),
}

export const chinese = {
  female: paired(['丽华', 'lihua'], ['秀英', 'xiuying'], ['敏', 'min'], ['静', 'jing'], ['婷婷', 'tingting'], ['雪梅', 'xuemei'], ['佳怡', 'jiayi'], ['欣然', 'xinran'], ['雨桐', 'yutong'], ['梓涵', 'zihan'], ['玉兰', 'yulan'], ['晓燕', 'xiaoyan'], ['芳', 'fang'], ['美玲', 'meiling'], ['思琪', 'siqi'], ['诗涵', 'shihan']),
  male: paired(['建国', 'jianguo'], ['伟', 'wei'], ['强', 'qiang'], ['志明', 'zhiming'], ['浩然', 'haoran'], ['宇轩', 'yuxuan'], ['子墨', 'zimo'], ['俊杰', 'junjie'], ['文博', 'wenbo'], ['明辉', 'minghui'], ['立军', 'lijun'], ['海涛', 'haitao'], ['家豪', 'jiahao'], ['天佑', 'tianyou'], ['国栋', 'guodong'], ['思远', 'siyuan']),
  family: paired(['王', 'wang'], ['李', 'li'], ['张', 'zhang'], ['刘', 'liu'], ['陈', 'chen'], ['杨', 'yang'], ['赵', 'zhao'], ['黄', 'huang'], ['周', 'zhou'], ['吴', 'wu'], ['徐', 'xu'], ['孙', 'sun'], ['胡', 'hu'], ['朱', 'zhu'], ['高', 'gao'], ['林', 'lin'], ['何', 'he'], ['郭', 'guo'], ['马', 'ma'], ['罗', 'luo'], ['梁', 'liang'], ['宋', 'song'], ['郑', 'zheng'], ['谢', 'xie']),
}

/** What members care about. */
export const interests: Words = ['organic', 'baby', 'pets', 'wine', 'barbecue', 'vegetarian', 'gluten-free', 'bulk buyer']

export type Region = 'north' | 'east' | 'south' | 'west'

interface Town {
  readonly name: string
  readonly region: Region
  readonly language: 'en' | 'zh'
}

const town = (name: string, region: Region, language: 'en' | 'zh'): Town => ({ name, region, language })

/** Invented towns. */
export const towns: readonly [Town, ...Town[]] = [
  town('Maple Grove', 'north', 'en'), town('Harbor Point', 'east', 'en'), town('Cedar Falls', 'south', 'en'), town('Silver Lake', 'west', 'en'),
  town('枫林', 'north', 'zh'), town('Northfield', 'north', 'en'), town('Eastbrook', 'east', 'en'), town('Magnolia Bend', 'south', 'en'),
  town('Westhaven', 'west', 'en'), town('滨江', 'east', 'zh'), town('Pine Ridge', 'north', 'en'), town('Stonebridge', 'east', 'en'),
  town('Willow Creek', 'south', 'en'), town('Redwood Park', 'west', 'en'), town('南溪', 'south', 'zh'), town('Fairview', 'north', 'en'),
  town('Lakeside', 'east', 'en'), town('Orchard Hill', 'south', 'en'), town('Canyon View', 'west', 'en'), town('西岭', 'west', 'zh'),
  town('Clearwater', 'north', 'en'), town('Millbrook', 'east', 'en'), town('Sunnyvale Green', 'south', 'en'), town('Golden Mesa', 'west', 'en'),
]

export const streets: Readonly<Record<'en' | 'zh', Words>> = {
  en: ['Market Street', 'Main Street', 'Station Road', 'Mill Lane', 'Park Avenue', 'River Road', 'Church Street', 'Garden Way', 'Bridge Street', 'Oak Avenue', 'School Lane', 'High Street', 'Lake Drive', 'Forest Road'],
  zh: ['解放路', '人民路', '中山路', '建设路', '和平街', '新华路', '文化路', '长江路', '春熙街', '桂花巷', '湖滨路', '学院路', '花园街', '朝阳路'],
}

/** North American area codes. With the exchange 555 and the line numbers 0100 to 0199 they are reserved for fiction. */
export const areaCodes: Words = [
  '201', '202', '203', '205', '206', '207', '208', '209', '210', '212', '213', '214', '215', '216', '217', '218', '219', '224',
  '225', '228', '229', '231', '234', '239', '240', '248', '251', '252', '253', '254', '256', '260',
]
