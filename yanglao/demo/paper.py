"""The demo's policy document: invented work points of next year, taken in and read, to be confirmed on its page."""

from __future__ import annotations

import io

from yanglao.kernel.scope import entered
from yanglao.steering.documents import actions
from yanglao.steering.documents.models import Document

from .stage import Stage

TEXT = """{city}{year}年养老服务工作要点（演示稿）
为做好{year}年养老服务工作，明确如下任务。
一、健全服务网络
（一）建设示范型居家养老服务中心。{year}年底前新建示范型居家养老服务中心10家，乡镇（街道）覆盖率达到100%。（民政局牵头，自然资源局、住房城乡建设局配合）
（二）发展老年助餐。新增老年食堂20家，日均服务不少于3000人次。（民政局牵头，市场监管局配合）
（三）补齐农村短板。建成农村互助式养老服务中心15家，农村敬老院消防达标率100%。
二、提升机构质量
（四）优化床位结构。{year}年底前护理型床位占比达到60%以上，每万名老年人拥有认知症照护床位不少于20张。（民政局、卫生健康局）
（五）推进等级评定。三星级以上养老机构不少于12家。
三、壮大人才队伍
（六）开展职业技能培训。全年培训养老护理员2000人次，持证率达到95%。（人力资源社会保障局牵头）
（七）培训家庭照护者500名。
四、强化保障
（八）落实高龄津贴，按月足额发放。（民政局、财政局）
（九）新建住宅小区按每百户不少于30平方米配建养老服务用房，配建达标率100%。（自然资源局、住房城乡建设局）
（十）福彩公益金用于养老服务的比例不低于65%。
各单位于每月20日前报送进展情况。
"""


def bring_paper(stage: Stage) -> None:
    """Take it in once, and read it at once instead of waiting for the worker."""
    officer = stage.officer
    with entered(officer):
        if Document.objects.exists():
            return
        text = TEXT.format(city=stage.city.name, year=stage.today.year + 1)
        name = f"{stage.city.name}{stage.today.year + 1}年养老服务工作要点（演示稿）.txt"
        document = actions.bring(officer, name=name, stream=io.BytesIO(text.encode()), division=stage.root)
        actions.store_reading(officer, document)
        rows = document.proposals.count()
    stage.talk.say(f"读入演示文件《{document.title}》，读出 {rows} 行待确认。")
