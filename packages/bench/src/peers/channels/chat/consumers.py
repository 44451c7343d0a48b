"""The consumer of the Channels tutorial; each message is stored before it is sent to the group."""
import json

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from .models import Message


class ChatConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.room_name = self.scope["url_route"]["kwargs"]["room_name"]
        self.room_group_name = f"chat_{self.room_name}"
        await self.channel_layer.group_add(self.room_group_name, self.channel_name)
        await self.accept()

    async def disconnect(self, close_code):
        await self.channel_layer.group_discard(self.room_group_name, self.channel_name)

    async def receive(self, text_data):
        body = json.loads(text_data)["body"]
        message = await self.save_message(body)
        await self.channel_layer.group_send(
            self.room_group_name,
            {
                "type": "chat_message",
                "id": message.id,
                "body": body,
                "created_at": message.created_at.isoformat(),
            },
        )

    async def chat_message(self, event):
        await self.send(
            text_data=json.dumps(
                {
                    "type": "message",
                    "message": {
                        "id": event["id"],
                        "conversation_id": self.room_name,
                        "body": event["body"],
                        "created_at": event["created_at"],
                    },
                }
            )
        )

    @database_sync_to_async
    def save_message(self, body):
        return Message.objects.create(conversation=self.room_name, body=body)
