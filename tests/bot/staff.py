"""The staff of one village in the sample town, for tests of how they work together."""

from dataclasses import dataclass

from bot.domain.cases import Case
from tests.support.chat import ChatClient, LocalTown

LAMP = "我们石龙村的路灯坏了半个月,晚上老人不敢出门"


@dataclass
class Crew:
    """A villager who has agreed, and those who work for the village."""

    place: LocalTown
    villager: ChatClient
    deputy: ChatClient
    head: ChatClient
    office: ChatClient

    async def case(self, number: int = 1) -> Case:
        return (await self.place.cases())[number - 1]

    async def with_office(self) -> Case:
        """A lamp that the station could not mend, taken up by the office."""
        await self.villager.submit(LAMP)
        await self.head.press("c:1:hand_up")
        await self.head.say("站里没有经费")
        await self.office.press("c:1:take")
        return await self.case()

    async def assigned(self) -> Case:
        await self.with_office()
        await self.office.press("c:1:assign")
        await self.office.tap("镇水利所")
        await self.office.tap("供电所")
        await self.office.tap("就这些")
        await self.office.say("请一周内修好")
        return await self.case()

    async def answered(self, answer: str = "灯泡换好了", grade: str = "A 已解决") -> Case:
        await self.villager.submit(LAMP)
        await self.head.press("c:1:resolve")
        await self.head.say(answer)
        await self.head.tap(grade)
        return await self.case()


async def crew_of(place: LocalTown) -> Crew:
    """The roads deputy, the station's head and the office of 石龙村."""
    villager = place.client("v1")
    await villager.agree()
    deputy = await place.staff("deputy", "shilong-2")
    head = await place.staff("head", "shilong-head")
    office = await place.staff("office", "office-1")
    return Crew(place, villager, deputy, head, office)
